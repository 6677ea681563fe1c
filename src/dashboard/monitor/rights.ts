// Who may look at the monitor, and who may act there. The hub asks again; this is for what is shown.
import type { Principal } from '@workitem-hub/client';

const has = (principal: Principal | null, ...roles: Principal['roles']): boolean =>
  principal?.roles.some((role) => roles.includes(role)) ?? false;

export const supervises = (principal: Principal | null): boolean => has(principal, 'supervisor', 'admin');
export const administers = (principal: Principal | null): boolean => has(principal, 'admin');
