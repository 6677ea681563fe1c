// A page that is older than the hub's desk misses its parts: they went with the build that they belong to. Then it is loaded anew, once.
import { tabStore } from '../session/tab-store';

const KEY = 'desk.reloaded-for';
/** The script that this page began with; its name carries a hash. */
const OWN = new URL(import.meta.url).pathname.split('/').at(-1) as string;

/** The name of the script that the page begins with now, or `null` when the hub does not say. */
async function currentScript(): Promise<string | null> {
  try {
    const response = await fetch(document.baseURI.replace(/[?#].*$/, ''), { cache: 'no-cache' });
    return response.ok ? (/assets\/(index-[\w-]+\.js)/.exec(await response.text())?.[1] ?? null) : null;
  } catch {
    return null;
  }
}

/** Listens for parts that could not be loaded. Without a hub nothing is done: what is on the screen stays readable. */
export function reloadForNewerBuild(): void {
  window.addEventListener('vite:preloadError', () => {
    void currentScript().then((script) => {
      if (script === null || script === OWN || tabStore.getItem(KEY) === script) return;
      // A tab that forgets would do so again and again.
      if (tabStore.setItem(KEY, script)) location.reload();
    });
  });
}
