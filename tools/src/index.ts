export { API_SERVICE_NAMES, API_SERVICES, type ApiServiceName, type ServiceCode } from './api-services.js';
export { ApiClient, ApiError } from './demo/api-client.js';
export { demoGroup } from './demo/demo-group.js';
export { loadDemoGroup } from './demo/load-demo-group.js';
export { databaseName, prepareDatabases } from './runner/databases.js';
export { serviceProgram } from './runner/processes.js';
export {
  environmentOf,
  SERVICES,
  type ServiceEntry,
  type ServiceName,
  type Surroundings,
} from './services.js';
export { fetchClientToken, fetchToken, signInPerson, type FetchedToken } from './token/fetch-token.js';
