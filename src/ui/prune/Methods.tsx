/** @file How channels are scored and compared. One criterion and one scope so far, and said so. */
import { NativeSelect } from "@mantine/core";
import styles from "./Methods.module.css";

export function Methods() {
  return (
    <div className={styles.methods}>
      <NativeSelect
        label="Score channels by"
        data={[{ value: "bn-scale", label: "BN scale |γ|" }]}
      />
      <NativeSelect label="Compare across" data={[{ value: "global", label: "All layers" }]} />
    </div>
  );
}
