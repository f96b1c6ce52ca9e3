import { useMemo } from "react";
import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { ItemRows } from "../forms/item-rows";
import { type FlowInput, type GoalInput } from "../generated/types";
import { type Field } from "../schema/resources";

const GOALS = "goals" satisfies keyof FlowInput;

/** The goals of a flow: what counts as a success, and what it earns. */
export function GoalRows({ field }: { field: Field }) {
  const translate = useTranslate();
  const Item = useMemo(() => goalOf(field), [field]);
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <NoGoal />
      <ArrayInputBase source={field.name}>
        <ItemRows field={field} add={translate("waypost.flow.addGoal")} useName={useGoalName} Item={Item} />
      </ArrayInputBase>
    </section>
  );
}

function NoGoal() {
  const translate = useTranslate();
  const goals: unknown[] = useWatch({ name: GOALS }) ?? [];
  return goals.length === 0 ? <p className="ink2">{translate("waypost.flow.noGoal")}</p> : null;
}

function useGoalName(index: number): string {
  const translate = useTranslate();
  const goal: Partial<GoalInput> | undefined = useWatch({ name: `${GOALS}.${index}` });
  return goal?.name || goal?.key || translate("waypost.flow.goal", { number: index + 1 });
}

/** The inputs of one goal. */
function goalOf({ fields }: Field) {
  const inputs = fields
    .filter(({ name }) => name !== "id")
    .map((inner) => <FieldInput key={inner.name} field={inner} />);
  return function Goal() {
    return <div className="goal-row">{inputs}</div>;
  };
}
