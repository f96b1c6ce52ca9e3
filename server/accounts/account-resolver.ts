import { type FieldNode, type GraphQLResolveInfo, visit } from "#graphql";
import { Arg, Ctx, Field, Info, Mutation, ObjectType, Query, Resolver } from "#type-graphql";
import { type ApiContext } from "../kit/context.js";
import { badInput, unauthenticated } from "../kit/errors.js";
import { type LoginLimits } from "./login-limits.js";
import { hashPassword, isPassword, PASSWORD_MAX, PASSWORD_MIN } from "./password.js";
import { beginSession, type Caller, endOtherSessions, endSession } from "./session.js";
import { User } from "./user.js";

/** What accounts need beside the kit's context. */
export interface AccountContext extends ApiContext {
  /** Null only where a document asks for nothing but `login`. */
  caller: Caller | null;
  loginLimits: LoginLimits;
  /** The caller's IP address. */
  ip: string;
  /** Hands the session to a browser, or takes it back (null). */
  setCookie: (token: string | null) => void;
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
    @Ctx() { em, loginLimits, ip, setCookie, now }: AccountContext,
    @Arg("email", () => String) email: string,
    @Arg("password", () => String) password: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Login> {
    const account = email.toWellFormed().trim().toLowerCase();
    const user = await em.fork().findOne(User, { email: account });
    const attempt = { account, address: ip, tries: triesOf(info) };
    const isRight = await loginLimits.attempt(attempt, () => isPassword(user?.passwordHash ?? null, password));
    if (!user || !isRight) throw unauthenticated("The e-mail address or the password is wrong.");
    const token = await beginSession(em, user, new Date(now()));
    setCookie(token);
    return { token, user };
  }

  @Mutation(() => Boolean, { description: "Ends this session." })
  async logout(@Ctx() context: AccountContext): Promise<boolean> {
    await endSession(context.em, callerOf(context).sessionId);
    context.setCookie(null);
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
    const { em, loginLimits, ip } = context;
    if (next.length < PASSWORD_MIN || next.length > PASSWORD_MAX) {
      throw badInput(
        "new",
        `The new password has ${next.length} characters; ${PASSWORD_MIN} to ${PASSWORD_MAX} are allowed.`,
      );
    }
    const attempt = { account: caller.user.email, address: ip, tries: triesOf(info) };
    const isRight = await loginLimits.attempt(attempt, () => isPassword(caller.user.passwordHash, current));
    if (!isRight) throw badInput("current", "The current password is wrong.");
    await em.fork().nativeUpdate(User, { id: caller.user.id }, { passwordHash: await hashPassword(next) });
    await endOtherSessions(em, caller);
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
