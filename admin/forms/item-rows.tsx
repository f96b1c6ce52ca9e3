import { Button, IconButton } from "@mui/material";
import { type ComponentType, memo } from "react";
import {
  SimpleFormIteratorBase,
  SimpleFormIteratorItemBase,
  useArrayInput,
  useSimpleFormIterator,
  useTranslate,
} from "react-admin";
import { useFormState } from "react-hook-form";
import { Icon, type IconName } from "../layout/icons";
import { type Field } from "../schema/resources";
import { newItem } from "./fields-of";
import { problemAt } from "./problem-at";

interface ItemRowsProps {
  /** The list; it must stand in an `ArrayInputBase`. */
  field: Field;
  /** What adds an item. */
  add: string;
  /** What one item is called: "Path 2". A hook, which watches that item alone. */
  useName: (index: number) => string;
  /** Whether their order matters: without it they are not moved. */
  isOrdered?: boolean;
  /** The inputs of one item. It stays the same component, so that what is typed draws one row anew and not all. */
  Item: ComponentType<{ index: number }>;
}

/** Items of a list in a form, one row each: moved, removed and added by buttons. */
export function ItemRows(props: ItemRowsProps) {
  return (
    <SimpleFormIteratorBase>
      <Rows {...props} />
    </SimpleFormIteratorBase>
  );
}

function Rows({ field, add, useName, isOrdered = true, Item }: ItemRowsProps) {
  const { fields } = useArrayInput();
  const { add: append } = useSimpleFormIterator();
  const { errors } = useFormState({ name: field.name });
  const problem = problemAt(errors, field.name);
  return (
    <>
      {problem && (
        <p role="alert" className="bad-text">
          {problem}
        </p>
      )}
      {fields.length > 0 && (
        <ul className={isOrdered ? "item-rows" : "item-rows dense"}>
          {fields.map(({ id }, index) => (
            <ItemRow
              key={id}
              source={field.name}
              index={index}
              count={isOrdered ? fields.length : null}
              useName={useName}
              Item={Item}
            />
          ))}
        </ul>
      )}
      <Button
        variant="outlined"
        startIcon={<Icon name="plus" />}
        className="add-item"
        onClick={() => append(newItem(field.fields))}
      >
        {add}
      </Button>
    </>
  );
}

interface ItemRowProps extends Pick<ItemRowsProps, "useName" | "Item">, Omit<RowButtonsProps, "name"> {}

const ItemRow = memo(function ItemRow({ useName, Item, ...place }: ItemRowProps) {
  const name = useName(place.index);
  return (
    <li aria-label={name}>
      <SimpleFormIteratorItemBase index={place.index}>
        <Item index={place.index} />
        <RowButtons {...place} name={name} />
      </SimpleFormIteratorItemBase>
    </li>
  );
});

interface RowButtonsProps {
  source: string;
  index: number;
  /** How many rows there are to move among; null where their order does not matter. */
  count: number | null;
  name: string;
}

function RowButtons({ source, index, count, name }: RowButtonsProps) {
  const { remove, reOrder } = useSimpleFormIterator();
  const { errors } = useFormState({ name: source });
  // What no input of the row shows: that the item itself is not the flow's any more.
  const problem = problemAt(errors, `${source}.${index}.id`);
  const move = (step: 1 | -1) => () => reOrder(index, index + step);
  return (
    <div className="row-buttons">
      {count !== null && (
        <>
          <RowButton verb="up" icon="up" name={name} disabled={index === 0} onClick={move(-1)} />
          <RowButton verb="down" icon="down" name={name} disabled={index === count - 1} onClick={move(1)} />
        </>
      )}
      <RowButton verb="remove" icon="trash" name={name} onClick={() => remove(index)} />
      {problem && (
        <p role="alert" className="bad-text">
          {problem}
        </p>
      )}
    </div>
  );
}

interface RowButtonProps {
  verb: "up" | "down" | "remove";
  icon: IconName;
  name: string;
  disabled?: boolean;
  onClick: () => void;
}

function RowButton({ verb, icon, name, disabled, onClick }: RowButtonProps) {
  const translate = useTranslate();
  const label = translate(`waypost.form.${verb}`, { name });
  return (
    <IconButton aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </IconButton>
  );
}
