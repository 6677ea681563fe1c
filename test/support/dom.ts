// A browser's window for tests of views: one for the whole run, global only while a suite that asked for it runs.
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

// Visible, so that lists tell of their changes by animation frame, as in a browser.
const { window } = new JSDOM('<!doctype html>', { url: 'http://view.test/', pretendToBeVisual: true });

const GLOBALS = {
  window,
  document: window.document,
  navigator: window.navigator,
  Node: window.Node,
  Element: window.Element,
  HTMLElement: window.HTMLElement,
  SVGElement: window.SVGElement,
  MutationObserver: window.MutationObserver,
  requestAnimationFrame: window.requestAnimationFrame.bind(window),
  cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
};
const names = Object.keys(GLOBALS);

/** Made global by Testing Library and by Vue. */
const LEFT_BEHIND = ['IS_REACT_ACT_ENVIRONMENT', '__VUE__'];

/** Makes them global; returns what puts back whatever was there. */
function install(): () => void {
  const kept = [...names, ...LEFT_BEHIND].map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(GLOBALS)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [name, descriptor] of kept) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  };
}

// Both look for a document once, when they are loaded, and later loads get the same modules. So this
// file is imported before them.
const uninstall = install();
const require = createRequire(import.meta.url);
for (const name of ['react-dom/client', 'vue']) {
  if (require.resolve(name) in require.cache) throw new Error(`${name} was loaded before there was a document for it.`);
  require(name);
}
uninstall();

/** Gives the suite a window. At its end all globals are as they were, and the page is empty: else the suite fails. */
export function useDom(): void {
  let known: PropertyKey[];
  let restore: () => void;
  before(() => {
    known = Reflect.ownKeys(globalThis);
    restore = install();
  });
  after(() => {
    const page = window.document.body.innerHTML;
    window.document.body.replaceChildren();
    restore();
    const left = Reflect.ownKeys(globalThis).filter((key) => typeof key === 'string' && !known.includes(key));
    if (left.length > 0 || page !== '') throw new Error(`A view was left behind: ${[...left, page].join(' ')}`);
  });
}
