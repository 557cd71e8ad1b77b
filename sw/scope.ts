/** The worker's global scope, typed once. */
export const scope = self as unknown as ServiceWorkerGlobalScope;
