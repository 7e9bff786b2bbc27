package dev.corral.reconcile;

import dev.corral.reconcile.LabelSelector.Operator;
import dev.corral.reconcile.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the text form of a label selector, character by character. */
final class SelectorParser {
    private static final String BLANKS = " \t\r\n";
    private static final String END_OF_WORD = BLANKS + ",()!=<>";

    private final String text;
    private final Map<String, String> labels = new TreeMap<>();
    private final List<Requirement> requirements = new ArrayList<>();
    private int position;

    SelectorParser(String text) {
        this.text = text;
    }

    LabelSelector parse() {
        skipBlanks();
        if (atEnd()) {
            return LabelSelector.everything();
        }
        requirement();
        while (!atEnd()) {
            expect(',', "',' or the end");
            requirement();
        }
        return new LabelSelector(labels, requirements);
    }

    private void requirement() {
        skipBlanks();
        if (taken('!')) {
            requirements.add(new Requirement(key(), Operator.DOES_NOT_EXIST, List.of()));
            return;
        }
        String key = key();
        if (atEnd() || text.charAt(position) == ',') {
            requirements.add(new Requirement(key, Operator.EXISTS, List.of()));
        } else if (taken('!')) {
            expectNow('=', "'=' after '!'");
            requirements.add(new Requirement(key, Operator.NOT_IN, List.of(value())));
        } else if (taken('=')) {
            taken('=');
            equal(key, value());
        } else if (taken('>')) {
            requirements.add(new Requirement(key, Operator.GT, List.of(integer())));
        } else if (taken('<')) {
            requirements.add(new Requirement(key, Operator.LT, List.of(integer())));
        } else {
            requirements.add(new Requirement(key, operator(), values()));
        }
    }

    /** A second, different value for a label becomes a requirement of its own, which nothing can meet. */
    private void equal(String key, String value) {
        String before = labels.putIfAbsent(key, value);
        if (before != null && !before.equals(value)) {
            requirements.add(new Requirement(key, Operator.IN, List.of(value)));
        }
    }

    private Operator operator() {
        int start = position;
        String word = word();
        if (word.equals("in")) {
            return Operator.IN;
        }
        if (word.equals("notin")) {
            return Operator.NOT_IN;
        }
        throw wrong(start, "'=', '==', '!=', '>', '<', 'in', 'notin', ',' or the end");
    }

    private List<String> values() {
        expect('(', "'('");
        List<String> values = new ArrayList<>();
        values.add(value());
        while (!taken(')')) {
            expect(',', "',' or ')'");
            values.add(value());
        }
        skipBlanks();
        return values;
    }

    private String key() {
        skipBlanks();
        int start = position;
        String key = word();
        if (key.isEmpty()) {
            throw wrong(start, "a label key");
        }
        complain(start, LabelRule.keyComplaint(key));
        skipBlanks();
        return key;
    }

    private String value() {
        skipBlanks();
        int start = position;
        String value = word();
        complain(start, LabelRule.valueComplaint(value));
        skipBlanks();
        return value;
    }

    private String integer() {
        skipBlanks();
        int start = position;
        String text = word();
        complain(
                start,
                LabelRule.integer(text).isPresent()
                        ? Optional.empty()
                        : Optional.of("'" + text + "' is no integer of 64 bits"));
        skipBlanks();
        return text;
    }

    private String word() {
        int start = position;
        while (!atEnd() && END_OF_WORD.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private void expect(char wanted, String what) {
        skipBlanks();
        expectNow(wanted, what);
    }

    private void expectNow(char wanted, String what) {
        if (!taken(wanted)) {
            throw wrong(position, what);
        }
    }

    private boolean taken(char wanted) {
        boolean there = !atEnd() && text.charAt(position) == wanted;
        position += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (!atEnd() && BLANKS.indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private boolean atEnd() {
        return position == text.length();
    }

    private void complain(int start, Optional<String> complaint) {
        if (complaint.isPresent()) {
            throw new IllegalArgumentException(
                    "selector '" + text + "', position " + (start + 1) + ": " + complaint.get());
        }
    }

    private IllegalArgumentException wrong(int at, String wanted) {
        String found = at == text.length() ? "the end" : "'" + text.substring(at, at + 1) + "'";
        return new IllegalArgumentException(
                "selector '" + text + "', position " + (at + 1) + ": wanted " + wanted + ", found " + found);
    }
}
