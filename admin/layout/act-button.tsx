import { Button, type ButtonProps } from "@mui/material";

/** A button that changes something. While that is under way it does nothing more, and it keeps the focus, which a disabled one loses. */
export function ActButton({ isBusy, onClick, ...given }: ButtonProps & { isBusy: boolean }) {
  return (
    <Button
      {...given}
      aria-disabled={isBusy}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
