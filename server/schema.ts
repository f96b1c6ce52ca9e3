import "reflect-metadata";
import { type GraphQLSchema, specifiedDirectives } from "graphql";
import { buildSchemaSync, getMetadataStorage } from "type-graphql";
import { AccountResolver } from "./accounts/account-resolver.js";
import { CatalogResolver } from "./catalog/catalog-resolver.js";
import { FlowResource } from "./catalog/flow.js";
import { PostbackKeyResource } from "./catalog/postback-key.js";
import { AddressFilesResolver } from "./clicks/address-files-resolver.js";
import { ClickResource } from "./clicks/click.js";
import { ChangeConversionsResolver } from "./conversions/change-conversions.js";
import { ConversionResource } from "./conversions/conversion.js";
import { ParameterMistake } from "./conversions/parameter-reader.js";
import { PostbackKeyUse } from "./conversions/postback-key-use.js";
import { PostbackAnswered, PostbackLogResource } from "./conversions/postback-log.js";
import { ReplayResolver } from "./conversions/replay-resolver.js";
import { SendPostbackResolver } from "./conversions/send-postback.js";
import { TestPostbackResolver } from "./conversions/test-postback.js";
import { columnDirective } from "./kit/column-view.js";
import { DateTime } from "./kit/scalars.js";
import { LateTrackerResolver } from "./loader/late-tracker-resolver.js";
import { PutAsideResource } from "./loader/put-aside.js";
import { PutAsideResolver } from "./loader/put-aside-resolver.js";
import { PresetResolver } from "./presets/preset-resolver.js";
import { DashboardResolver } from "./reports/dashboard.js";

/** The GraphQL schema: lists and single items of every noun, the dashboard, and what operators change. */
export function buildSchema(): GraphQLSchema {
  // Decorators of parameters run from the last to the first; the schema shows arguments as they are written.
  getMetadataStorage().params.sort((a, b) => a.index - b.index);
  return buildSchemaSync({
    resolvers: [
      FlowResource,
      ClickResource,
      ConversionResource,
      PostbackLogResource,
      PostbackKeyResource,
      PostbackKeyUse,
      PostbackAnswered,
      ParameterMistake,
      AddressFilesResolver,
      PutAsideResource,
      PutAsideResolver,
      LateTrackerResolver,
      DashboardResolver,
      PresetResolver,
      AccountResolver,
      CatalogResolver,
      SendPostbackResolver,
      ChangeConversionsResolver,
      ReplayResolver,
      TestPostbackResolver,
    ] as never,
    directives: [...specifiedDirectives, columnDirective],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
  });
}
