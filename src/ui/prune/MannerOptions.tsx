/** @file How a plan is carried out: what becomes of what dead channels still say; cut or mask. */
import { NativeSelect } from "@mantine/core";
import { useCommands, useMethod } from "../../state/index.ts";
import styles from "./Methods.module.css";

export function MannerOptions() {
  const { dead, kind } = useMethod((state) => state.asked.manner);
  const { changeMethod } = useCommands();
  return (
    <div className={styles.pair}>
      <NativeSelect
        label="Dead channels"
        title="A channel whose γ is 0 still says its β; its readers can take that over, exact but for padded borders"
        data={[
          { value: "zero", label: "dropped" },
          { value: "absorb", label: "absorbed" },
        ]}
        value={dead}
        onChange={(event) => {
          const isAbsorbed = event.currentTarget.value === "absorb";
          changeMethod({ manner: { dead: isAbsorbed ? "absorb" : "zero" } }, "more");
        }}
      />
      <NativeSelect
        label="What goes is"
        title="A mask keeps every shape and holds zeros through the fine-tuning"
        data={[
          { value: "cut", label: "cut out" },
          { value: "mask", label: "only masked" },
        ]}
        value={kind}
        onChange={(event) => {
          const isMask = event.currentTarget.value === "mask";
          changeMethod({ manner: { kind: isMask ? "mask" : "cut" } }, "more");
        }}
      />
    </div>
  );
}
