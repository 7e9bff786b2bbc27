package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexesTest {
    @ParameterizedTest(name = "[{0}] of {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""          | 10 | ""
            "0"         | 10 | "0"
            "1,2"       | 10 | "1,2"
            "1-2"       | 10 | "1,2"
            "1-3,5"     | 10 | "1-3,5"
            "1,2,3"     | 10 | "1-3"
            "1-3,4"     | 10 | "1-4"
            "0-9"       | 10 | "0-9"
            "0-9"       | 5  | "0-4"
            "3,7-12"    | 10 | "3,7-9"
            "3,10"      | 10 | "3"
            "1,x,3"     | 10 | "1"
            "1,2-y,3"   | 10 | "1"
            "1,,3"      | 10 | "1"
            "x"         | 10 | ""
            "1-2-3"     | 10 | ""
            " 1"        | 10 | ""
            "-1"        | 10 | ""
            "1,99999999999" | 10 | "1"
            "5"         | 0  | ""
            """)
    void readsWhatIsWellFormed(String text, int bound, String kept) {
        assertThat(Indexes.read(text, bound).toString()).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({"3", "50", "1000"})
    void writesWhatItReads(int step) {
        Indexes indexes = Indexes.none();
        for (int index :
                IntStream.range(0, 5000).filter(i -> i % step < step / 2 + 1).toArray()) {
            indexes = indexes.with(index);
        }
        Indexes again = Indexes.read(indexes.toString(), 5000);
        assertThat(again.stream().toArray()).isEqualTo(indexes.stream().toArray());
        assertThat(again.size()).isEqualTo(indexes.size());
    }
}
