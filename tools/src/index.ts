export { ApiClient, ApiError } from './demo/api-client.js';
export { fetchClientToken, fetchToken } from './token/fetch-token.js';
