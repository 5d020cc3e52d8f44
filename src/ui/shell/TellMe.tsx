/**
 * @file "Tell me when it is done": beside what takes a while, a switch after which the system says when it has
 * ended, if the tab is not in sight then. The browser is asked for its leave at that click and never before; once told, the switch is off again.
 */
import { Bell, BellRing } from "lucide-react";
import { useEffect, useState } from "react";
import { endedOf, shownTask, useActivity, useCommands, useWorkbench } from "../../state/index.ts";
import styles from "./StatusLine.module.css";

/** What is done sooner is waited for; seconds to go. */
const LONG = 10;

export function TellMe() {
  const [isOn, setIsOn] = useState(false);
  const isLong = useActivity((state) => {
    const task = shownTask(state);
    return task !== undefined && !task.quiet && (task.eta ?? 0) >= LONG;
  });
  const { sayTelling } = useCommands();
  useTelling(isOn, setIsOn);
  if (!("Notification" in window) || (!isLong && !isOn)) return null;
  const Icon = isOn ? BellRing : Bell;
  const toggle = async (): Promise<void> => {
    if (isOn) {
      setIsOn(false);
      return;
    }
    const isAllowed = (await Notification.requestPermission()) === "granted";
    setIsOn(isAllowed);
    sayTelling(isAllowed);
  };
  return (
    <button type="button" className={styles.tell} aria-pressed={isOn} onClick={() => void toggle()}>
      <Icon size={14} aria-hidden="true" />
      <span>Tell me when it is done</span>
    </button>
  );
}

/** Follows the store itself: a hidden tab need not render for it. */
function useTelling(isOn: boolean, setIsOn: (isOn: boolean) => void): void {
  const { activity } = useWorkbench();
  useEffect(() => {
    if (!isOn) return undefined;
    return activity.subscribe((now, before) => {
      const label = endedOf(before, now);
      if (label === null) return;
      // What came of it is said right after the end.
      setTimeout(() => {
        const { message, isFresh, tasks } = activity.getState();
        // One thing may follow another, such as a training its images.
        if (tasks.some(({ quiet }) => !quiet)) return;
        setIsOn(false);
        if (document.hidden) tell(isFresh ? message : `${label}: done`);
      });
    });
  }, [isOn, setIsOn, activity]);
}

function tell(text: string): void {
  try {
    // A click on it brings the tab back by itself only where the page does it.
    const notice = new Notification("Espalier", { body: text, tag: "espalier-done" });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  } catch {
    // Some phones let only service workers do this; the title has said it too.
  }
}
