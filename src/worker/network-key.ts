/** @file How networks are named between the page and the worker. */

/** A network that the worker holds: its fingerprint. */
export type NetworkKey = string;
