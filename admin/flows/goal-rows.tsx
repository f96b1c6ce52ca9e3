import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { ItemRows } from "../forms/item-rows";
import { type FlowInput, type GoalInput } from "../generated/types";
import { type Field } from "../schema/resources";

/** The goals of a flow: what counts as a success, and what it earns. */
export function GoalRows({ field }: { field: Field }) {
  const translate = useTranslate();
  const goals: Partial<GoalInput>[] = useWatch({ name: "goals" satisfies keyof FlowInput }) ?? [];
  const nameAt = (index: number) =>
    goals[index]?.name || goals[index]?.key || translate("waypost.flow.goal", { number: index + 1 });
  return (
    <section className="card">
      <h2>{field.label}</h2>
      {goals.length === 0 && <p className="ink2">{translate("waypost.flow.noGoal")}</p>}
      <ArrayInputBase source={field.name}>
        <ItemRows field={field} add={translate("waypost.flow.addGoal")} nameOf={nameAt}>
          {() => (
            <div className="goal-row">
              {field.fields
                .filter(({ name }) => name !== "id")
                .map((inner) => (
                  <FieldInput key={inner.name} field={inner} />
                ))}
            </div>
          )}
        </ItemRows>
      </ArrayInputBase>
    </section>
  );
}
