export { API_SERVICE_NAMES, API_SERVICES, type ApiServiceName, type ServiceCode } from './api-services.js';
export { ApiClient, ApiError } from './demo/api-client.js';
export { fetchClientToken, fetchToken } from './token/fetch-token.js';
