/** @file Times of day for people. */

/** `14:02`, and the day where it was another one: `14:02 on 26 November`. */
export function timeText(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const time = [then.getHours(), then.getMinutes()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  if (then.toDateString() === now.toDateString()) return time;
  const sameYear = then.getFullYear() === now.getFullYear();
  const day = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
  return `${time} on ${day.format(then)}`;
}
