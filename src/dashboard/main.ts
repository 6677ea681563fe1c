// The desk's page begins here: the session first, and the rest of the desk, which is on its way already, as soon as it can be drawn.
import { applyAppearance } from './notices/preferences';
import { firstSession, listSoon } from './session/begin';
import { askDeskConfig } from './session/desk-config';
import { reloadForNewerBuild } from './ui/newer-build';

/** So long the page's outline may stand alone: to draw an empty table first, and then the full one, takes as long. */
const LIST_MS = 400;

reloadForNewerBuild();
const first = firstSession();
const config = askDeskConfig();
// Whoever reads it is told of its failure.
config.catch(() => {});
applyAppearance();
const soon = first && listSoon(first, LIST_MS);
void import('./desk').then(async ({ fetchFirstParts, drawDesk }) => {
  if (first) fetchFirstParts(config);
  await soon;
  drawDesk(first);
});
