/** @file The control block, the barrier, and how work is shared between threads. */
import {
  CONTROL_BARRIER_COUNT,
  CONTROL_BARRIER_PHASE,
  CONTROL_IMAGES,
  CONTROL_SCRATCH,
  CONTROL_SCRATCH_BYTES,
  CONTROL_ZEROS,
} from "./instructions.generated";

/** Images in this call. */
// @ts-ignore: decorator
@inline
export function images(): i32 {
  return load<i32>(CONTROL_IMAGES);
}

/** A block of zeros as long as the widest pixel. */
// @ts-ignore: decorator
@inline
export function zeros(): usize {
  return load<u32>(CONTROL_ZEROS);
}

/** The thread's own scratch memory. */
// @ts-ignore: decorator
@inline
export function scratch(thread: i32): usize {
  return load<u32>(CONTROL_SCRATCH) + <usize>thread * load<u32>(CONTROL_SCRATCH_BYTES);
}

/** First of `count` pieces of work that thread `thread` of `threads` does; its last is before the next thread's first. */
// @ts-ignore: decorator
@inline
export function shareStart(count: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>count * thread) / threads);
}

/** How often a thread looks before it goes to sleep: being woken costs more than most waits last. */
const SPINS: i32 = 200000;

/** Waits until all threads are here. Phases count up, so that a slow sleeper cannot miss one. */
export function barrier(threads: i32): void {
  if (threads === 1) return;
  if (isDefined(ASC_FEATURE_THREADS) && ASC_FEATURE_THREADS) {
    const phase = atomic.load<i32>(CONTROL_BARRIER_PHASE);
    if (atomic.add<i32>(CONTROL_BARRIER_COUNT, 1) === threads - 1) {
      atomic.store<i32>(CONTROL_BARRIER_COUNT, 0);
      atomic.store<i32>(CONTROL_BARRIER_PHASE, phase + 1);
      atomic.notify(CONTROL_BARRIER_PHASE, -1);
      return;
    }
    for (let i = 0; i < SPINS; i++) {
      if (atomic.load<i32>(CONTROL_BARRIER_PHASE) !== phase) return;
    }
    while (atomic.load<i32>(CONTROL_BARRIER_PHASE) === phase) {
      atomic.wait<i32>(CONTROL_BARRIER_PHASE, phase, -1);
    }
  }
}
