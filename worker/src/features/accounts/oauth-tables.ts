// The columns that better-auth’s OAuth provider asks for.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { userSessions, users } from './core-tables.ts';

const timestamp = (name: string) => integer(name, { mode: 'timestamp_ms' });

export const oauthClients = sqliteTable(
  'oauth_clients',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull().unique(),
    clientSecret: text('client_secret'),
    clientDiscoveryId: text('client_discovery_id'),
    disabled: integer('disabled', { mode: 'boolean' }).default(false),
    skipConsent: integer('skip_consent', { mode: 'boolean' }),
    enableEndSession: integer('enable_end_session', { mode: 'boolean' }),
    subjectType: text('subject_type'),
    scopes: text('scopes'),
    clientCredentialsScopes: text('client_credentials_scopes'),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    createdAt: timestamp('created_at_ms'),
    updatedAt: timestamp('updated_at_ms'),
    name: text('name'),
    uri: text('uri'),
    icon: text('icon'),
    contacts: text('contacts'),
    tos: text('tos'),
    policy: text('policy'),
    softwareId: text('software_id'),
    softwareVersion: text('software_version'),
    softwareStatement: text('software_statement'),
    redirectUris: text('redirect_uris').notNull(),
    postLogoutRedirectUris: text('post_logout_redirect_uris'),
    backchannelLogoutUri: text('backchannel_logout_uri'),
    backchannelLogoutSessionRequired: integer('backchannel_logout_session_required', { mode: 'boolean' }),
    tokenEndpointAuthMethod: text('token_endpoint_auth_method'),
    applicationType: text('application_type'),
    jwks: text('jwks'),
    jwksUri: text('jwks_uri'),
    grantTypes: text('grant_types'),
    responseTypes: text('response_types'),
    requirePKCE: integer('require_pkce', { mode: 'boolean' }),
    dpopBoundAccessTokens: integer('dpop_bound_access_tokens', { mode: 'boolean' }).default(false),
    referenceId: text('reference_id'),
    metadata: text('metadata'),
  },
  (table) => [index('oauth_clients_user').on(table.userId)],
);

export const oauthResources = sqliteTable('oauth_resources', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull().unique(),
  name: text('name').notNull(),
  accessTokenTtl: integer('access_token_ttl'),
  refreshTokenTtl: integer('refresh_token_ttl'),
  signingAlgorithm: text('signing_algorithm'),
  signingKeyId: text('signing_key_id'),
  allowedScopes: text('allowed_scopes'),
  customClaims: text('custom_claims'),
  dpopBoundAccessTokensRequired: integer('dpop_bound_access_tokens_required', { mode: 'boolean' }).default(
    false,
  ),
  disabled: integer('disabled', { mode: 'boolean' }).default(false),
  createdAt: timestamp('created_at_ms'),
  updatedAt: timestamp('updated_at_ms'),
  policyVersion: integer('policy_version').default(1),
  metadata: text('metadata'),
});

export const oauthClientResources = sqliteTable(
  'oauth_client_resources',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id')
      .notNull()
      .references(() => oauthClients.clientId, { onDelete: 'cascade' }),
    resourceId: text('resource_id')
      .notNull()
      .references(() => oauthResources.identifier, { onDelete: 'cascade' }),
    metadata: text('metadata'),
    createdAt: timestamp('created_at_ms'),
  },
  (table) => [
    index('oauth_client_resources_client').on(table.clientId),
    index('oauth_client_resources_resource').on(table.resourceId),
  ],
);

export const oauthRefreshTokens = sqliteTable(
  'oauth_refresh_tokens',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    clientId: text('client_id')
      .notNull()
      .references(() => oauthClients.clientId, { onDelete: 'cascade' }),
    sessionId: text('session_id').references(() => userSessions.id, { onDelete: 'set null' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    authorizationCodeId: text('authorization_code_id'),
    resources: text('resources'),
    requestedUserInfoClaims: text('requested_user_info_claims'),
    expiresAt: timestamp('expires_at_ms').notNull(),
    createdAt: timestamp('created_at_ms').notNull(),
    revoked: timestamp('revoked_at_ms'),
    rotatedAt: timestamp('rotated_at_ms'),
    rotationReplayResponse: text('rotation_replay_response'),
    rotationReplayExpiresAt: timestamp('rotation_replay_expires_at_ms'),
    authTime: timestamp('auth_time_ms'),
    confirmation: text('confirmation'),
    scopes: text('scopes').notNull(),
  },
  (table) => [
    index('oauth_refresh_tokens_client').on(table.clientId),
    index('oauth_refresh_tokens_session').on(table.sessionId),
    index('oauth_refresh_tokens_user').on(table.userId),
    index('oauth_refresh_tokens_authorization_code').on(table.authorizationCodeId),
    index('oauth_refresh_tokens_expiry').on(table.expiresAt),
    // What may be repeated is kept no longer than that: the sweep finds it here.
    index('oauth_refresh_tokens_replay')
      .on(table.rotationReplayExpiresAt)
      .where(sql`${table.rotationReplayResponse} IS NOT NULL`),
  ],
);

export const oauthAccessTokens = sqliteTable(
  'oauth_access_tokens',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    clientId: text('client_id')
      .notNull()
      .references(() => oauthClients.clientId, { onDelete: 'cascade' }),
    sessionId: text('session_id').references(() => userSessions.id, { onDelete: 'set null' }),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    authorizationCodeId: text('authorization_code_id'),
    resources: text('resources'),
    requestedUserInfoClaims: text('requested_user_info_claims'),
    refreshId: text('refresh_id').references(() => oauthRefreshTokens.id, { onDelete: 'cascade' }),
    expiresAt: timestamp('expires_at_ms').notNull(),
    createdAt: timestamp('created_at_ms').notNull(),
    revoked: timestamp('revoked_at_ms'),
    confirmation: text('confirmation'),
    scopes: text('scopes').notNull(),
  },
  (table) => [
    index('oauth_access_tokens_client').on(table.clientId),
    index('oauth_access_tokens_session').on(table.sessionId),
    index('oauth_access_tokens_user').on(table.userId),
    index('oauth_access_tokens_authorization_code').on(table.authorizationCodeId),
    index('oauth_access_tokens_refresh').on(table.refreshId),
  ],
);

export const oauthConsents = sqliteTable(
  'oauth_consents',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id')
      .notNull()
      .references(() => oauthClients.clientId, { onDelete: 'cascade' }),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    resources: text('resources'),
    requestedUserInfoClaims: text('requested_user_info_claims'),
    scopes: text('scopes').notNull(),
    createdAt: timestamp('created_at_ms').notNull(),
    updatedAt: timestamp('updated_at_ms').notNull(),
  },
  (table) => [
    index('oauth_consents_client').on(table.clientId),
    index('oauth_consents_user').on(table.userId),
  ],
);

export const oauthClientAssertions = sqliteTable('oauth_client_assertions', {
  id: text('id').primaryKey(),
  expiresAt: timestamp('expires_at_ms').notNull(),
});
