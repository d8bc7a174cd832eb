export { FactStream, type FactPlace } from './fact-stream.js';
export { OrganisationBuilder } from './organisation.builder.js';
export {
  bootService,
  ServiceUnderTest,
  type Answer,
  type CallOptions,
  type Json,
  type ServiceCode,
  type ServiceParts,
} from './service-under-test.js';
