// Who may look at the monitor, and who may act there. The hub asks again; this is for what is shown.
import type { Principal } from '@workitem-hub/client';
import { isSupervisor } from '@workitem-hub/client/steps';

export const supervises = (principal: Principal | null): boolean => principal !== null && isSupervisor(principal);
export const administers = (principal: Principal | null): boolean => principal?.roles.includes('admin') ?? false;
