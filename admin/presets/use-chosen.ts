import { useSearchParams } from "react-router-dom";

/** The preset that is chosen, by the address: `?network=NAME`. */
export function useChosen(parameter: "network" | "trafficSource"): [string | null, (name: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const choose = (name: string | null) =>
    setParams(
      (before) => {
        if (name === null) before.delete(parameter);
        else before.set(parameter, name);
        return before;
      },
      { replace: true },
    );
  return [params.get(parameter), choose];
}
