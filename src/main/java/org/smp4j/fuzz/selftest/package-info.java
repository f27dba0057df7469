/** Tests whether generated programs find bugs: each mutant of the selftest and each race of the gallery, woven in. */
package org.smp4j.fuzz.selftest;
