import { useListContext } from "react-admin";
import { useAsked } from "../data/use-asked";

const GOALS =
  "query goals { flows(perPage: 500, filter: { archived: null, deleted: null }) { items { id goals { key } } } }";

interface Goals {
  flows: { items: { id: string; goals: { key: string }[] }[] };
}

/** The keys of the goals there are: of the flow that the list is filtered by, or of all. */
export function useGoals(isAsked: boolean): string[] {
  const { filterValues } = useListContext();
  const { data } = useAsked<Goals>(GOALS, {}, { enabled: isAsked });
  const flows = data?.flows.items.filter(({ id }) => !filterValues.flowId || id === filterValues.flowId) ?? [];
  return [...new Set(flows.flatMap(({ goals }) => goals.map(({ key }) => key)))].sort();
}
