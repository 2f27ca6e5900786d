export { logBase, type TenderPlace } from './evidence.js';
export { reportJson, reportText, type Report } from './report.js';
export { saveTender } from './save-tender.js';
export { verifyLog } from './verify-log.js';
export { verifyTender } from './verify-tender.js';
