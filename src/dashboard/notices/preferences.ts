// What a person likes: theme, density, notifications, sound. Kept in this browser; nothing is written until something is chosen.
import { asObject, createStored } from './stored';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  density: 'compact' | 'comfortable';
  notify: boolean;
  sound: boolean;
}

export const preferences = createStored<Preferences>('preferences', (found) => {
  const { theme, density, notify, sound } = asObject(found);
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'comfortable' ? density : 'compact',
    notify: notify === true,
    sound: sound === true,
  };
});

/** Has the page look as it is liked, now and after each change. */
export function applyAppearance(): void {
  const apply = (): void => {
    const { theme, density } = preferences.read();
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
    dataset.density = density;
  };
  apply();
  preferences.subscribe(apply);
}
