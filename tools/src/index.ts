export { API_SERVICE_NAMES, API_SERVICES, type ApiServiceName, type ServiceCode } from './api-services.js';
export { ApiClient, ApiError } from './demo/api-client.js';
export { castOf, type Cast } from './demo/journey/cast.js';
export { playJourney, type Outcome, type Step } from './demo/journey/journey.js';
export { CLIENT, GRANTED, partnerLeaves, partnerSubscribes } from './demo/journey/partner-part.js';
export { WebhookReceiver, type Manner } from './demo/journey/webhook-receiver.js';
export { demoGroup } from './demo/demo-group.js';
export { loadDemoGroup } from './demo/load-demo-group.js';
export { databaseName, prepareDatabases, type DatabaseUrls } from './runner/databases.js';
export { serviceProgram } from './runner/processes.js';
export {
  environmentOf,
  SERVICES,
  type ServiceEntry,
  type ServiceName,
  type Surroundings,
} from './services.js';
export { fetchClientToken, fetchToken, signInPerson, type FetchedToken } from './token/fetch-token.js';
