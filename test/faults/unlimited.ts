// Settings of a hub that is to be hurried: nobody is told to come back later because of a limit.
import { INTAKE_KEY, SECRET } from '../support/hub.js';

export const UNLIMITED: Record<string, string> = {
  JWT_SECRET: SECRET,
  INTAKE_API_KEYS: INTAKE_KEY,
  DRAIN_SECONDS: '0',
  LIMIT_INTAKE_PER_MINUTE: '0',
  LIMIT_CONNECTS_PER_MINUTE: '0',
  LIMIT_FAILED_AUTH_PER_MINUTE: '0',
  LIMIT_COMMANDS_PER_10S: '0',
  LIMIT_REPLAY_MB_PER_MINUTE: '0',
};
