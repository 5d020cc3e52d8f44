/** @file The table of a training's chart has all that is drawn, the training behind it by its name, too. */
import { expect, it } from "vitest";
import { writeCsv } from "./chart-table.ts";
import { trainingTable } from "./training-table.ts";

const points = [
  { step: 10, loss: 2, accuracy: 0.25 },
  { step: 20, loss: 1, accuracy: 0.5 },
];
const validations = [{ step: 20, accuracy: 0.4 }];
const other = { name: "#3 fine-tuned", points: [{ step: 15, loss: 3, accuracy: 0.125 }] };

it("has a row a step of either training, and a column by the name of the one behind", () => {
  const accuracy = trainingTable({ measure: "accuracy", points, validations, other });
  expect(accuracy.columns.map(({ title }) => title)).toEqual([
    "Step",
    "Accuracy of the batch",
    "Accuracy, held back",
    "Accuracy of the batch, #3 fine-tuned",
  ]);
  expect(writeCsv(accuracy)).toBe(
    "step,accuracy,accuracy_held_back,accuracy_of_3_fine_tuned\r\n" +
      "10,0.25,,\r\n15,,,0.125\r\n20,0.5,0.4,\r\n",
  );
  const loss = trainingTable({ measure: "loss", points, validations: [], other });
  expect(writeCsv(loss)).toBe("step,loss,loss_of_3_fine_tuned\r\n10,2,\r\n15,,3\r\n20,1,\r\n");
});

it("has no such column where nothing is laid behind, and one for a name without letters", () => {
  const alone = trainingTable({ measure: "loss", points, validations: [], other: null });
  expect(writeCsv(alone)).toBe("step,loss\r\n10,2\r\n20,1\r\n");
  const odd = { ...other, name: "🌱" };
  const { columns } = trainingTable({ measure: "loss", points, validations: [], other: odd });
  expect(columns.at(-1)).toMatchObject({
    title: "Loss of the batch, nats, 🌱",
    name: "loss_of_another",
  });
});
