// @ts-check
/** @file A kernel thread in Node. It is started from here, as it lies, by bundles too. */
import { parentPort } from "node:worker_threads";
import { makeThread } from "../runtime/spmd/thread-loop.mjs";

parentPort?.on("message", makeThread());
