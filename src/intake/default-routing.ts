// The routing of a hub that was given no rules: every submission goes to the pool, where each underwriter sees it.
//
// To route, set ROUTING_RULES to a JSON file such as
//
//   { "rules": [
//     { "sender_domain": "harbour.example.com", "policy_type": "Marine Cargo", "team": "harbour-desk" },
//     { "policy_type": "Marine Cargo", "team": "marine" },
//     { "sender_domain": "partner.example.com", "team": "partners" }
//   ] }
//
// The first rule whose conditions all hold wins.
import type { RoutingRules } from './routing.js';

export const DEFAULT_RULES: RoutingRules = { rules: [] };
