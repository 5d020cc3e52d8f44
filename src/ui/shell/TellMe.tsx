/**
 * @file "Tell me when it is done": beside what takes a while, a switch after which the system says when it has
 * ended, if the tab is not in sight then. The browser is asked for its leave at that click and never before; once
 * something has ended, the switch is off again.
 */
import { Bell, BellRing } from "lucide-react";
import { useEffect, useState } from "react";
import { endedOf, shownTask, useActivity, useWorkbench } from "../../state/index.ts";
import styles from "./StatusLine.module.css";

/** What is done sooner is waited for; seconds to go. */
const LONG = 10;

/** "refused": by the browser, or by the person in its question. */
type Telling = "off" | "on" | "refused";

export function TellMe() {
  const [telling, setTelling] = useState<Telling>("off");
  const isLong = useActivity((state) => {
    const task = shownTask(state);
    return task !== undefined && !task.quiet && (task.eta ?? 0) >= LONG;
  });
  useTelling(telling, setTelling);
  if (!("Notification" in window) || (!isLong && telling !== "on")) return null;
  if (telling === "refused") {
    return (
      <span className={styles.message} role="status">
        The browser does not let this page tell you; the tab's title says how far it is.
      </span>
    );
  }
  const isOn = telling === "on";
  const Icon = isOn ? BellRing : Bell;
  const toggle = async (): Promise<void> => {
    if (isOn) setTelling("off");
    else setTelling((await Notification.requestPermission()) === "granted" ? "on" : "refused");
  };
  return (
    <button
      type="button"
      className={styles.tell}
      aria-pressed={isOn}
      title="The system says so when this has ended and the tab is out of sight"
      onClick={() => void toggle()}
    >
      <Icon size={14} aria-hidden="true" />
      <span>Tell me when it is done</span>
    </button>
  );
}

/** Follows the store itself: a hidden tab need not render for it. */
function useTelling(telling: Telling, setTelling: (telling: Telling) => void): void {
  const { activity } = useWorkbench();
  useEffect(() => {
    if (telling === "off") return undefined;
    return activity.subscribe((now, before) => {
      const label = endedOf(before, now);
      if (label === null) return;
      // What came of it is said right after the end.
      setTimeout(() => {
        const { message, isFresh, tasks } = activity.getState();
        // One thing may follow another, as a training follows its images.
        if (tasks.some(({ quiet }) => !quiet)) return;
        setTelling("off");
        if (telling === "on" && document.hidden) tell(isFresh ? message : `${label}: done`);
      });
    });
  }, [telling, setTelling, activity]);
}

function tell(text: string): void {
  try {
    const notice = new Notification("Espalier", { body: text, tag: "espalier-done" });
    // Browsers leave it to the page what a click brings back.
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  } catch {
    // Some phones let only service workers do this; the title has said it too.
  }
}
