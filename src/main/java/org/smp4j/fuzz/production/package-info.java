/** The productions of the tower: one for each public function that makes sense in a program. */
package org.smp4j.fuzz.production;
