/** @file The keys of an action, as this machine's keyboard has them. */
import { writeKey } from "../actions/keys.ts";
import { KEYS } from "../actions/list.ts";

const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);

/** Such as "Ctrl Shift Z or Ctrl Y"; nothing for an action without keys. */
export function keysOf(id: string): string | undefined {
  return KEYS[id]?.map((key) => writeKey(key, IS_MAC)).join(" or ");
}

/** A title with the keys behind it, such as "Undo (Ctrl Z)". */
export function withKeys(title: string, id: string): string {
  const keys = KEYS[id]?.[0];
  return keys === undefined ? title : `${title} (${writeKey(keys, IS_MAC)})`;
}
