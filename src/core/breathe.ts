/**
 * @file Lets messages that are waiting be heard between two pieces of work, such as the wish to stop, or the news
 * that a thread has died. A message to oneself comes after those already waiting; unlike an animation frame it is not
 * held back in a hidden tab, and unlike a timer it does not wait four milliseconds.
 */

/** Resolves after the messages that are waiting now have been handled. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
