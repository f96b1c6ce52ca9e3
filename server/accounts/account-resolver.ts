import { type FieldNode, type GraphQLResolveInfo, visit } from "#graphql";
import { Arg, Ctx, Field, Info, Mutation, ObjectType, Query, Resolver } from "#type-graphql";
import { type ApiContext } from "../kit/context.js";
import { badInput, unauthenticated } from "../kit/errors.js";
import { introduceBrowser, knownBrowser } from "./known-browser.js";
import { type LoginLimits } from "./login-limits.js";
import { hashPassword, isPassword, passwordProblem } from "./password.js";
import { beginSession, type Caller, endOtherSessions, endSession } from "./session.js";
import { accountOf, User } from "./user.js";

/** What accounts need beside the kit's context. */
export interface AccountContext extends ApiContext {
  /** Null only where a document asks for nothing but `login`. */
  caller: Caller | null;
  loginLimits: LoginLimits;
  /** The caller's IP address. */
  ip: string;
  /** Hands the session to a browser, or takes it back (null). */
  setCookie: (token: string | null) => void;
  /** What the browser has to show for having signed in before, if it has. */
  browser: string | undefined;
  /** Hands it to the browser. */
  rememberBrowser: (proof: string) => void;
  /** The first password is in use no more. */
  forgetFirstPassword: () => void;
}

@ObjectType({ description: "A session that has begun." })
class Login {
  @Field({ description: "For the header `Authorization: Bearer TOKEN`; browsers get a cookie beside it." })
  token!: string;
  @Field(() => User, { description: "Who signed in." }) user!: User;
}

@Resolver()
export class AccountResolver {
  @Query(() => User, { description: "Who is signed in." })
  me(@Ctx() context: AccountContext): User {
    return callerOf(context).user;
  }

  @Mutation(() => Login, { description: "Signs in. Too many wrong passwords are answered with FORBIDDEN for a while." })
  async login(
    @Ctx() { em, loginLimits, ip, setCookie, browser: proof, rememberBrowser, audit, now }: AccountContext,
    @Arg("email", () => String) email: string,
    @Arg("password", () => String) password: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Login> {
    const account = accountOf(email);
    const user = await em.fork().findOne(User, { email: account });
    const browser = knownBrowser(user, proof);
    // With a new password nothing is known of what was guessed at the one before.
    const attempt = { account: `${account} ${user?.passwordHash ?? ""}`, address: ip, tries: triesOf(info), browser };
    // Of a user that there is not, what was typed may be a password in the wrong place.
    const about = { user: user?.email ?? null };
    const isRight = await loginLimits.attempt(
      attempt,
      () => isPassword(user?.passwordHash ?? null, password),
      (limit) => audit("sign_in_closed", { ...about, limit }),
    );
    if (!user || !isRight) {
      audit("sign_in_failed", about);
      throw unauthenticated("The e-mail address or the password is wrong.");
    }
    const token = await beginSession(em, user, new Date(now()));
    setCookie(token);
    rememberBrowser(await introduceBrowser(em, user, browser));
    audit("signed_in", about);
    return { token, user };
  }

  @Mutation(() => Boolean, { description: "Ends this session." })
  async logout(@Ctx() context: AccountContext): Promise<boolean> {
    await endSession(context.em, callerOf(context).sessionId);
    context.setCookie(null);
    context.audit("signed_out");
    return true;
  }

  @Mutation(() => Boolean, { description: "Changes one's own password and ends one's other sessions." })
  async changePassword(
    @Ctx() context: AccountContext,
    @Arg("current", () => String) current: string,
    @Arg("new", () => String) next: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<boolean> {
    const caller = callerOf(context);
    const { em, loginLimits, audit } = context;
    const problem = await passwordProblem(next);
    if (problem) throw badInput("new", `The new password ${problem}`);
    const isRight = await loginLimits.attemptInside(
      { session: caller.sessionId, tries: triesOf(info) },
      () => isPassword(caller.user.passwordHash, current),
      (limit) => audit("sign_in_closed", { limit }),
    );
    if (!isRight) {
      audit("password_change_failed");
      throw badInput("current", "The current password is wrong.");
    }
    await em.fork().nativeUpdate(User, { id: caller.user.id }, { passwordHash: await hashPassword(next) });
    await endOtherSessions(em, caller);
    context.forgetFirstPassword();
    audit("password_changed");
    return true;
  }
}

/** How often a document asks for the field that is being answered. */
function triesOf({ fieldName, operation, fragments }: GraphQLResolveInfo): number {
  const names: string[] = [];
  const Field = ({ name }: FieldNode) => {
    names.push(name.value);
  };
  for (const definition of [operation, ...Object.values(fragments)]) visit(definition, { Field });
  return names.filter((name) => name === fieldName).length;
}

/** Who is asking. @throws UNAUTHENTICATED */
export function callerOf({ caller }: AccountContext): Caller {
  if (!caller) throw unauthenticated();
  return caller;
}
