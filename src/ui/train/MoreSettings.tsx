/** @file The settings of a run that are seldom changed, folded away: batch, momentum, augmentation, seed. */
import { Checkbox } from "@mantine/core";
import { useCommands, useTraining, type Purpose } from "../../state/index.ts";
import { Help } from "../parts/Explained.tsx";
import { SettingField } from "./SettingField.tsx";
import styles from "./TrainStep.module.css";

export function MoreSettings({ purpose }: { readonly purpose: Purpose }) {
  const form = useTraining((state) => state.forms[purpose]);
  const { editTraining } = useCommands();
  return (
    <details className={styles.more}>
      <summary>Batch, momentum, augmentation, seed</summary>
      <div className={styles.fields}>
        <div className={styles.pair}>
          <SettingField purpose={purpose} field="batchSize" label="Batch size" />
          <SettingField purpose={purpose} field="seed" label="Seed" />
        </div>
        <div className={styles.pair}>
          <SettingField purpose={purpose} field="momentum" label="Momentum" />
          <SettingField purpose={purpose} field="weightDecay" label="Weight decay" />
        </div>
        <div className={styles.pair}>
          <SettingField purpose={purpose} field="pad" label="Shift by up to, pixels" />
          <Checkbox
            className={styles.check ?? ""}
            label="Flip at random"
            checked={form.flip}
            onChange={(event) => editTraining(purpose, { flip: event.currentTarget.checked })}
          />
        </div>
        <div className={styles.explained}>
          <Checkbox
            label="Hold zeros at zero, which keeps a mask"
            checked={form.freezeZeros}
            onChange={(event) =>
              editTraining(purpose, { freezeZeros: event.currentTarget.checked })
            }
          />
          <Help of="freezeZeros" about="Holding zeros" />
        </div>
      </div>
    </details>
  );
}
