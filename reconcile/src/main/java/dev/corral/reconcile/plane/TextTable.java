package dev.corral.reconcile.plane;

import dev.corral.reconcile.Printable;
import java.util.ArrayList;
import java.util.List;

/** Rows with columns below each other, three spaces apart; the last column is as wide as it is. */
final class TextTable {
    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heading) {
        this(List.of(heading));
    }

    TextTable(List<String> heading) {
        rows.add(List.copyOf(heading));
    }

    TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    TextTable row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** How many rows there are below the heading. */
    int size() {
        return rows.size() - 1;
    }

    /** One line for each row, the heading first. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = Printable.line(row.get(column));
                line.append(cell);
                if (column + 1 < row.size()) {
                    line.append(" ".repeat(width(column) - length(cell))).append(GAP);
                }
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> column < row.size())
                .mapToInt(row -> length(Printable.line(row.get(column))))
                .max()
                .orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
