/** Parts of the list that few see are loaded as one. */
export { FirstSteps } from './first-steps.tsx';
export { RequestList, RequestListHead } from './request-list.tsx';
