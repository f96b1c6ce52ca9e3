import { type ReactNode, useLayoutEffect, useRef } from "react";

interface ModalProps {
  label: string;
  close: () => void;
  isWide?: boolean;
  children: ReactNode;
}

/** A question that comes before everything else, until it is answered or left by Escape. */
export function Modal({ label, close, isWide, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before it is taken out of the page: only then the focus goes back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={isWide ? "modal wide" : "modal"}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      {children}
    </dialog>
  );
}
