/** @file How a plan is carried out: what becomes of what dead channels still say; cut or mask. */
import { useCommands, useMethod } from "../../state/index.ts";
import { Choice } from "./Choice.tsx";
import styles from "./Methods.module.css";

export function MannerOptions() {
  const { dead, kind } = useMethod((state) => state.asked.manner);
  const { changeMethod } = useCommands();
  return (
    <div className={styles.pair}>
      <Choice
        label="Dead channels"
        term="dead"
        choices={[
          { value: "zero", label: "dropped" },
          { value: "absorb", label: "absorbed" },
        ]}
        value={dead}
        onChoose={(chosen) => changeMethod({ manner: { dead: chosen } }, "more")}
      />
      <Choice
        label="What goes is"
        term="mask"
        choices={[
          { value: "cut", label: "cut out" },
          { value: "mask", label: "only masked" },
        ]}
        value={kind}
        onChoose={(chosen) => changeMethod({ manner: { kind: chosen } }, "more")}
      />
    </div>
  );
}
