/** One of a few, from a list that opens. */
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";

export interface ChoiceProps {
  label: string;
  /** The label is for screen readers alone. */
  hidden?: boolean;
  value: string;
  options: readonly { id: string; name: string }[];
  onChange: (id: string) => void;
}

export function Choice({ label, hidden = false, value, options, onChange }: ChoiceProps) {
  return (
    <Select className="choose" value={value} onChange={(key) => key !== null && onChange(String(key))}>
      <Label className={hidden ? "unseen" : "label"}>{label}</Label>
      <Button className="button">
        <SelectValue />
        <span aria-hidden="true" className="arrow">
          ▾
        </span>
      </Button>
      <Popover className="popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className="option">
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
