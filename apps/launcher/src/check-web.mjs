// `npm run check:web`: walks every page of every role in Chromium, prints what it weighs and what axe found, and leaves screenshots
// in .data/screens for people to look at.
import { inRoot } from './paths.mjs';

process.env.SEGEL_SCREENS ||= inRoot('.data/screens');
process.argv.push('--testPathPatterns', 'test/web(-roles)?.spec', '--selectProjects', 'system');
await import('./test.mjs');
