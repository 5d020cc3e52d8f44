/** @file The networks that come with the app, in `public/models`, each with its card and its recipe. */

export interface Shipped {
  /** Its folder. */
  readonly name: string;
  readonly path: string;
  readonly title: string;
  /** What a person opens it for. */
  readonly text: string;
}

function shipped(name: string, title: string, text: string): Shipped {
  return { name, path: `models/${name}/model.json`, title, text };
}

/** The one that a fresh visit opens. */
export const DEMO = shipped("vgg13-sparse", "VGG-13, slim (demo)", "sparse: two humps");

const PLAIN = shipped("vgg13-plain", "VGG-13, slim, its twin", "plain: one hump");

const RESIDUAL = shipped("preresnet20-sparse", "PreResNet-20", "sparse, with shortcuts");

const DENSE = shipped("densenet16-sparse", "DenseNet-16", "sparse, cut where it is read");

/** All of them. */
export const SHIPPED: readonly Shipped[] = [DEMO, PLAIN, RESIDUAL, DENSE];
