/**
 * @file The networks that the worker has, by their keys. One that was made or read is handed to the page
 * first and held only when the page asks for it, so that what is on the page stays until then.
 */
import { AppError, breathe } from "../core/index.ts";
import { digestNetwork, type Network } from "../model/index.ts";
import { copyFor, type CallContext } from "./call-context.ts";
import type { NetworkKey } from "./protocol.ts";
import type { Handed } from "./wire.ts";

export class NetworkStore {
  readonly #held = new Map<NetworkKey, Network>();
  /** What was handed over last, until somebody asks to hold it. */
  readonly #fresh = new Map<NetworkKey, Network>();

  /** @throws worker/unknown-network when none is held under that key */
  get(key: NetworkKey): Network {
    const network = this.#held.get(key);
    if (network !== undefined) return network;
    throw unknownNetwork(key);
  }

  /** Holds a network under a key that is known to be its own. */
  put(key: NetworkKey, network: Network): void {
    this.#held.set(key, network);
  }

  async hold(network: Network): Promise<NetworkKey> {
    const key = await digestNetwork(network);
    this.#held.set(key, network);
    return key;
  }

  release(key: NetworkKey): void {
    this.#held.delete(key);
  }

  /** Hands a new network to the page, and has it ready in case it is to be held. @throws AbortError */
  async hand(network: Network, context: CallContext): Promise<Handed> {
    // The platform hashes on a thread of its own; the copy is made meanwhile.
    const hashing = digestNetwork(network);
    const copy = copyFor(context, network);
    const key = await hashing;
    await breathe();
    context.signal.throwIfAborted();
    this.#fresh.set(key, network);
    return { network: copy, key };
  }

  /**
   * Holds what was handed over; what is held already may differ in what the key does not know.
   * @throws worker/unknown-network when it was not handed over last
   */
  keep(key: NetworkKey): NetworkKey {
    const network = this.#fresh.get(key);
    if (network === undefined) throw unknownNetwork(key);
    this.#fresh.delete(key);
    this.#held.set(key, network);
    return key;
  }

  /** What was handed over and never asked for need not wait any longer. */
  forgetHanded(): void {
    this.#fresh.clear();
  }
}

function unknownNetwork(key: NetworkKey): AppError {
  return new AppError("worker/unknown-network", { where: `network ${key.slice(0, 8)}` });
}
