/** @file "As in a paper": sets criterion, scope, options and allocation as a paper has them. */
import { Button, Menu } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { PRESETS, useCommands, useMethod, usePage } from "../../state/index.ts";
import { presetTitle, refusalAt } from "./method-words.ts";
import { Refused } from "./Refused.tsx";
import styles from "./Methods.module.css";

export function PresetMenu() {
  const refusal = useMethod(refusalAt("preset"));
  const network = usePage((state) => state.session?.name);
  const { choosePreset, dismissRefusal } = useCommands();
  return (
    <div className={styles.papers}>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            size="compact-sm"
            rightSection={<ChevronDown size={14} aria-hidden="true" />}
          >
            As in a paper
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.papersList ?? ""}>
          {Object.values(PRESETS).map(({ name, paper, architecture }) => (
            <Menu.Item key={name} onClick={() => choosePreset(name)} title={paper}>
              {presetTitle(name)}
              {architecture !== undefined && (
                <span className={styles.paperNote} data-fits={architecture === network}>
                  {`for ${architecture}`}
                </span>
              )}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Refused text={refusal} onDismiss={dismissRefusal} />
    </div>
  );
}
