export { OrganisationBuilder } from './organisation.builder.js';
