/** @file Whether batch norms and selections are folded away, as far as the network has any. */
import { Checkbox } from "@mantine/core";
import type { ExportOptions } from "../../state/index.ts";
import type { Network } from "../../model/index.ts";
import { plural } from "../format.ts";
import { Help } from "../parts/Explained.tsx";
import styles from "./ExportStep.module.css";

/** Ops behind which a batch norm has no layer of its own. */
const BRANCHES: ReadonlySet<string> = new Set(["add", "concat", "channelSelect"]);

interface FoldChoiceProps {
  readonly network: Network;
  readonly fold: ExportOptions["fold"];
  readonly onChange: (fold: ExportOptions["fold"]) => void;
}

export function FoldChoice({ network, fold, onChange }: FoldChoiceProps) {
  const numberOf = (kind: string): number =>
    network.nodes.filter(({ op }) => op.kind === kind).length;
  const mayStay = network.nodes.some(({ op }) => BRANCHES.has(op.kind));
  const [norms, selections] = [numberOf("batchNorm"), numberOf("channelSelect")];
  const isFolding = fold !== undefined && fold.batchNorms !== false;
  const isColumns = fold?.columns === true;
  const choose = (batchNorms: boolean, columns: boolean): void => {
    onChange(batchNorms || columns ? { batchNorms, columns } : undefined);
  };
  if (norms + selections === 0) return null;
  return (
    <div className={styles.choices}>
      {norms > 0 && (
        <div className={styles.explained}>
          <Checkbox
            label="Fold batch norms into the layers in front of them"
            description={`${plural(norms, "batch norm")}${mayStay ? "; those that do not follow a layer of their own stay" : ""}.`}
            checked={isFolding}
            onChange={(event) => choose(event.currentTarget.checked, isColumns)}
          />
          <Help of="folding" about="Folding" />
        </div>
      )}
      {selections > 0 && (
        <Checkbox
          label="Zero columns in place of Gather"
          description={`${plural(selections, "channel selection")}; the layers behind them read the whole map, which takes more MACs.`}
          checked={isColumns}
          onChange={(event) => choose(isFolding, event.currentTarget.checked)}
        />
      )}
    </div>
  );
}
