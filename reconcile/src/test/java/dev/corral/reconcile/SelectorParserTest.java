package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.LabelSelector.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorParserTest {
    @Test
    void readsEveryOperator() {
        assertThat(LabelSelector.parse("a in (b,c), !d, e!=f, g, h notin (i), k=l,m == n"))
                .isEqualTo(LabelSelector.of(Map.of("k", "l", "m", "n"))
                        .and("a", Operator.IN, "b", "c")
                        .and("d", Operator.DOES_NOT_EXIST)
                        .and("e", Operator.NOT_IN, "f")
                        .and("g", Operator.EXISTS)
                        .and("h", Operator.NOT_IN, "i"));
    }

    @Test
    void blankTextMatchesEverything() {
        assertThat(LabelSelector.parse("  ")).isEqualTo(LabelSelector.everything());
    }

    @Test
    void keysMayHaveAPrefixAndValuesMayBeEmpty() {
        LabelSelector selector = LabelSelector.parse("example.com/app=web,tier=,zone in (,a)");
        assertThat(selector.matches(Map.of("example.com/app", "web", "tier", "", "zone", "")))
                .isTrue();
        assertThat(selector.matches(Map.of("example.com/app", "web", "tier", "x", "zone", "a")))
                .isFalse();
    }

    @Test
    void aLabelCalledInIsNoOperator() {
        assertThat(LabelSelector.parse("in=in,notin").matches(Map.of("in", "in", "notin", "")))
                .isTrue();
    }

    @Test
    void linesAndTabsBetweenWordsAreBlanks() {
        assertThat(LabelSelector.parse("\ta\r\n in\t(\r\nb ,\r\tc\r)\r\n,\n!d\r"))
                .isEqualTo(LabelSelector.everything()
                        .and("a", Operator.IN, "b", "c")
                        .and("d", Operator.DOES_NOT_EXIST));
    }

    @Test
    void otherSpaceIsNoBlank() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSelector.parse("a,\u2003b"))
                .withMessageContaining("position 3: key '\u2003b' is not");
    }

    @ParameterizedTest
    @CsvSource({
        "size>5, 6, true",
        "size > 5, 5, false",
        "size>5, -6, false",
        "size<5, 4, true",
        "size<5, 5, false",
        "size < -5, -6, true",
        "size>9223372036854775806, 9223372036854775807, true",
        "size<5, 9223372036854775808, false",
        "size>5, large, false",
        "size>5, '', false",
        "size<5, 4.5, false"
    })
    void numbersAreCompared(String text, String value, boolean matches) {
        LabelSelector selector = LabelSelector.parse(text);
        assertThat(selector.matches(Map.of("size", value))).isEqualTo(matches);
        assertThat(selector.matches(Map.of("other", value))).isFalse();
        assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        z,a=1,m in (c,a,b) | a=1,m in (a,b,c),z
        !z,y!=c,x in (b,a) | x in (a,b),y!=c,!z
        x notin (b,a,b),b  | b,x notin (a,b)
        x in (a,a)         | x in (a)
        x notin (a,a)      | x!=a
        x in (a,),y in ()  | x in (,a),y in ()
        n<9,n>3,m>2        | m>2,n<9,n>3
        a=1,a=2            | a in (2),a=1
        x=,a               | a,x=
        """)
    void theTextIsCanonical(String text, String canonical) {
        assertThat(LabelSelector.parse(text)).hasToString(canonical);
        assertThat(LabelSelector.parse(canonical)).hasToString(canonical);
    }

    @Test
    void twoValuesForOneLabelMatchNothing() {
        LabelSelector selector = LabelSelector.parse("a=1,a=2");
        assertThat(selector.matches(Map.of("a", "1"))).isFalse();
        assertThat(selector.matches(Map.of("a", "2"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a in b,c       | 6 | wanted '(', found 'b'
        a in (b,c      | 10 | wanted ',' or ')', found the end
        a b            | 3 | wanted '=', '==', '!=', '>', '<', 'in', 'notin', ',' or the end, found 'b'
        a,,b           | 3 | wanted a label key, found ','
        a,             | 3 | wanted a label key, found the end
        a!b            | 3 | wanted '=' after '!', found 'b'
        a=b c          | 5 | wanted ',' or the end, found 'c'
        -a=b           | 1 | key '-a' is not
        a=b/c          | 3 | value 'b/c' is neither
        Cap_/x=1       | 1 | prefix 'Cap_' is not a DNS subdomain
        a>b            | 3 | 'b' is no integer
        a >            | 4 | '' is no integer
        a>1.5          | 3 | '1.5' is no integer
        a<9223372036854775808 | 3 | '9223372036854775808' is no integer
        a>1,b>(1)      | 7 | '' is no integer
        a>=1           | 3 | '' is no integer
        'a || b'       | 3 | wanted '=', '==', '!=', '>', '<', 'in', 'notin', ',' or the end, found '
        a==b==c        | 5 | wanted ',' or the end, found '='
        !a=b           | 3 | wanted ',' or the end, found '='
        ,a             | 1 | wanted a label key, found ','
        """)
    void whatDoesNotParseIsRefusedWithThePosition(String text, int position, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSelector.parse(text))
                .withMessageStartingWith("selector '" + text + "', position " + position + ": ")
                .withMessageContaining(why);
    }

    @Test
    void theTextOfASelectorReadsBackAsTheSame() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            Map<String, String> labels = new TreeMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                labels.put("k" + random.nextInt(4), "v" + random.nextInt(3));
            }
            LabelSelector selector = LabelSelector.of(labels);
            for (int i = random.nextInt(4); i > 0; i--) {
                Operator operator = random.nextBoolean()
                        ? (random.nextBoolean() ? Operator.IN : Operator.NOT_IN)
                        : (random.nextBoolean() ? Operator.EXISTS : Operator.DOES_NOT_EXIST);
                boolean listed = operator == Operator.IN || operator == Operator.NOT_IN;
                List<String> values = new ArrayList<>();
                for (int n = listed ? 1 + random.nextInt(3) : 0; n > 0; n--) {
                    values.add("x" + random.nextInt(5));
                }
                selector = selector.and("e" + random.nextInt(4), operator, values.toArray(String[]::new));
            }
            LabelSelector again = LabelSelector.parse(selector.toString());
            assertThat(again).as("seed 11, round %s", round).hasToString(selector.toString());
            for (int i = 0; i < 20; i++) {
                Map<String, String> some = new TreeMap<>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    boolean label = random.nextBoolean();
                    some.put((label ? "k" : "e") + random.nextInt(4), (label ? "v" : "x") + random.nextInt(3));
                }
                assertThat(again.matches(some))
                        .as("seed 11, round %s: %s of %s", round, selector, some)
                        .isEqualTo(selector.matches(some));
            }
        }
    }
}
