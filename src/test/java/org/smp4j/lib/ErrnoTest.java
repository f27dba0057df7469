package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void theNumbersAreLinuxs() {
        assertThat(new int[] {Errno.EPERM, Errno.ENOENT, Errno.EINTR, Errno.EIO, Errno.ENXIO, Errno.EAGAIN,
                Errno.ENOMEM, Errno.EBUSY})
                .containsExactly(1, 2, 4, 5, 6, 11, 12, 16);
        assertThat(new int[] {Errno.EINVAL, Errno.ENOSPC, Errno.EDEADLK, Errno.ENOSYS, Errno.EOPNOTSUPP,
                Errno.ETIMEDOUT, Errno.ECANCELED})
                .containsExactly(22, 28, 35, 38, 95, 110, 125);
    }

    @Test
    void everyConstantIsNamedAndNoTwoAreEqual() throws IllegalAccessException {
        Set<Integer> numbers = new HashSet<>();
        for (Field field : Errno.class.getFields()) {
            int number = field.getInt(null);
            assertThat(numbers.add(number)).as(field.getName()).isTrue();
            assertThat(Errno.name(-number)).isEqualTo("-" + field.getName());
        }
        assertThat(numbers).hasSizeGreaterThan(10);
    }

    @Test
    void otherResultsStayNumbers() {
        assertThat(Errno.name(0)).isEqualTo("0");
        assertThat(Errno.name(7)).isEqualTo("7");
        assertThat(Errno.name(Errno.ENXIO)).isEqualTo("6");
        assertThat(Errno.name(-4095)).isEqualTo("-4095");
    }

    @Test
    void anErrorIsThrownWithItsNameAndItsNumber() {
        assertThatThrownBy(() -> Errno.orThrow(-Errno.ENXIO)).isInstanceOfSatisfying(ErrnoException.class, thrown -> {
            assertThat(thrown).hasMessage("-ENXIO");
            assertThat(thrown.result()).isEqualTo(-Errno.ENXIO);
        });
        assertThatThrownBy(() -> Errno.orThrow(-4095)).isInstanceOf(ErrnoException.class).hasMessage("-4095");
    }

    @Test
    void whatIsNoErrorComesBackAsItIs() {
        assertThat(Errno.orThrow(0)).isZero();
        assertThat(Errno.orThrow(7)).isEqualTo(7);
    }
}
